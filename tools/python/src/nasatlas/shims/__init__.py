"""Drop-in replacements: the interfaces that published benchmarks are asked by, answered from an atlas.

One module an interface, under the published name: names, arguments, returned keys and units are the published ones,
and where a benchmark's file was named an atlas stands, or its path. A value that the atlas lacks raises a QuestionError
that names what it has; nothing is filled in. What differs from the original, and why, is said by each module and listed
in docs/python.md.
"""
