"""One module a source, each with `SOURCE: Source` and `entries(folder: Path) -> Iterator[Entry]`.

`folder` is what the user named: a folder, or a file such as the archive that the source was published in.
`SourceFiles` of `nasatlas.importing.files` reads from either.
"""
