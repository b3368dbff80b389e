"""The parts of the script that makes the demonstration force: places, names, careers and words."""
