"""Who is the same in two lists: the product beside Splink and a plain ratio, on lists that are messy."""
