"""Public question sets → pairs → the reader's weights, calibration and figures."""
