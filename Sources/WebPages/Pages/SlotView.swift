import Spaces

/// The slots of one choice in an encoding, with what each means.
struct SlotView {
  struct Slot {
    let label: String
    let isOn: Bool
  }

  let name: String
  let slots: [Slot]

  /// The labels of the slots that are 1.
  var chosen: String { slots.filter(\.isOn).map(\.label).joined(separator: ", ") }

  /// All groups of the default encoding; none where the space does not say what its slots mean.
  static func groups(of text: String, in space: any TextualSpace) throws -> [SlotView] {
    guard let encoding = space.encodings.first, let groups = try space.slotGroups(of: text) else { return [] }
    let values = try space.encode(text, as: encoding)
    guard values.count == groups.reduce(0, { $0 + $1.labels.count }) else { return [] }
    var first = 0
    return groups.map { group in
      defer { first += group.labels.count }
      return SlotView(
        name: group.name,
        slots: zip(group.labels, values[first...]).map { Slot(label: $0, isOn: $1 == 1) })
    }
  }
}
