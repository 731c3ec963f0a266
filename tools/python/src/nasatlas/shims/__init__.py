"""Drop-in replacements: the interfaces of published benchmarks, answered from an atlas.

Each interface has a module or package under its published name. Names, arguments, returned keys and units are the
published ones; an atlas, or its path, takes the place of the benchmark's file. A value that the atlas lacks raises a
QuestionError that names what it has; nothing is filled in. Each module documents what differs and why, and docs/python.md
lists what is there.
"""
