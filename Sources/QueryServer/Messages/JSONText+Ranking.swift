import Benchmarks
import NIOCore
import Records

extension JSONText {
  /// A ranking as canonical JSON and the end of a line. `context` is the context of the ranking as canonical JSON: all
  /// rankings of one question share it.
  static func line(_ ranking: Ranking, context: String) throws -> ByteBuffer {
    var json = JSONText(capacity: 1_024 + 256 * ranking.places.count)
    json.raw("{")
    if let filter = ranking.architectureFilter {
      json.raw("\"architectureFilter\":")
      json.text(filter)
      json.raw(",")
    }
    json.raw("\"candidates\":")
    json.number(ranking.candidates)
    json.raw(",\"context\":")
    json.raw(context)
    json.raw(",\"fieldUnits\":")
    try json.dictionary(ranking.fieldUnits)
    if let filter = ranking.filter {
      json.raw(",\"filter\":")
      json.text(filter)
    }
    json.raw(",\"omitted\":[")
    for (index, omission) in ranking.omitted.enumerated() {
      json.raw(index > 0 ? ",{\"architectures\":" : "{\"architectures\":")
      json.number(omission.architectures)
      json.raw(",\"reason\":")
      json.text(omission.reason.rawValue)
      json.raw("}")
    }
    json.raw("],\"places\":[")
    for (index, place) in ranking.places.enumerated() {
      if index > 0 { json.raw(",") }
      try json.place(place)
    }
    json.raw("]")
    if let filter = ranking.runFilter {
      json.raw(",\"runFilter\":")
      json.text(filter)
    }
    json.raw(",\"sources\":[")
    for (index, source) in ranking.sources.enumerated() {
      if index > 0 { json.raw(",") }
      json.text(source)
    }
    json.raw("]}\n")
    return json.buffer
  }

  private mutating func place(_ place: Ranking.Place) throws {
    raw("{\"architecture\":{\"canonicalText\":")
    text(place.architecture.canonicalText)
    raw(",\"id\":\"")
    raw("\(place.architecture.id)")
    raw("\",\"space\":")
    text(place.architecture.space)
    raw("},\"fields\":")
    try dictionary(place.fields)
    raw(",\"rank\":")
    number(place.rank)
    raw(",\"runs\":")
    number(place.runs)
    raw(",\"value\":")
    number(place.value)
    raw("}")
  }

  /// Rarely asked for, so it takes the detour through the encoder, which sorts the keys.
  private mutating func dictionary(_ values: [String: some Encodable]) throws {
    raw(values.isEmpty ? "{}" : try CanonicalJSON.text(values))
  }
}
