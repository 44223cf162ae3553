"""Sales forms: what everything has that is written with a customer, lines, a discount and sales tax.

A form of its own (an invoice, say) is an app beside this one: its models are on the bases here, and its
operations, forms and pages say what is peculiar to it. Deliberately absent: what any of them is for.
"""
