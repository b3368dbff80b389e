"""Scripts run by hand. Nothing in the product imports them."""
