"""Who is the same in two lists: the product beside Splink and a plain ratio, and lists that are messy on purpose."""
