"""What is true: rules of measurement, process and permission. Standard library and numpy only; no I/O, no clock."""
