"""Where vectors and words are searched when one machine is outgrown: what a search engine has to do, and the two that do it."""
