import Records

extension CroissantDescription {
  /// The JSON-LD context that Croissant 1.0 prescribes.
  static let context: JSONValue = {
    let aliases = [
      "citeAs", "column", "extract", "field", "fileProperty", "fileObject", "fileSet", "format", "includes",
      "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated",
      "replace", "separator", "source", "subField", "transform",
    ]
    var members: [String: JSONValue] = [
      "@language": .string("en"), "@vocab": .string("https://schema.org/"), "sc": .string("https://schema.org/"),
      "cr": .string("http://mlcommons.org/croissant/"), "rai": .string("http://mlcommons.org/croissant/RAI/"),
      "dct": .string("http://purl.org/dc/terms/"), "conformsTo": .string("dct:conformsTo"),
      "data": .object(["@id": .string("cr:data"), "@type": .string("@json")]),
      "examples": .object(["@id": .string("cr:examples"), "@type": .string("@json")]),
      "dataType": .object(["@id": .string("cr:dataType"), "@type": .string("@vocab")]),
    ]
    for alias in aliases { members[alias] = .string("cr:\(alias)") }
    return .object(members)
  }()
}
