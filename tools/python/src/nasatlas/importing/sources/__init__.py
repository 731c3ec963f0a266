"""One module per source, each with `SOURCE: Source` and `entries(folder: Path) -> Iterator[Entry]`.

`folder` is the path that the user named: a folder, or a file such as the published archive.
`SourceFiles` of `nasatlas.importing.files` reads both.
"""
