"""What the product says, situation by situation: `python -m tests.said` writes docs/what-is-said.md."""
