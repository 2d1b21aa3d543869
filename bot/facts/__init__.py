"""The vocabulary every room speaks. Imports nothing of ours."""
