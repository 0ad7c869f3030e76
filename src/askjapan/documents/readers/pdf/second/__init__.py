"""A PDF file comes in; what a second engine reads in it, its facts and its damage go out; it may import `letters`."""
