import Benchmarks
import Foundation
import Records
import Spaces
import Store

/// What a name, an id or the beginning of one leads to, in all atlases.
struct SearchPage {
  private struct Place {
    let label: String
    let link: String
    let note: String
  }

  private struct Group {
    let name: String
    let link: String
    let entries: [Found]
  }

  private struct Found {
    let architecture: ArchitectureNames.Entry
  }

  private struct View {
    let asked: String?
    let places: [Place]
    let hasPlaces: Bool
    let groups: [Group]
    let isEmpty: Bool
    let hints: [String]
  }

  let atlases: [PageAtlas]
  let asked: String

  /// Architectures of one atlas.
  private static let most = 12
  private static let longest = 500

  init(_ request: PageRequest, atlases: [PageAtlas]) {
    self.atlases = atlases
    asked = String((request.value("q") ?? "").prefix(Self.longest)).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func page() -> Page {
    let places = asked.isEmpty ? [] : self.places
    let groups = asked.isEmpty ? [] : atlases.compactMap(group)
    let view = View(
      asked: asked.isEmpty ? nil : asked, places: places, hasPlaces: !places.isEmpty, groups: groups,
      isEmpty: places.isEmpty && groups.isEmpty, hints: atlases.compactMap(hint))
    return Layout.page(
      "search", view, title: "Search", crumbs: [.init(label: "Search", link: HTML.link("/search", [("q", asked)]))],
      search: asked)
  }

  /// Atlases and data sets whose names have the text.
  private var places: [Place] {
    func matches(_ text: String?) -> Bool { text?.lowercased().contains(asked.lowercased()) ?? false }
    return atlases.flatMap { atlas -> [Place] in
      let table = atlas.benchmark.atlas
      var found: [Place] = []
      if matches(atlas.name) || matches(table.title) {
        found.append(Place(label: atlas.name, link: atlas.path, note: "atlas"))
      }
      for setting in table.settings where matches(setting.dataset) && !atlas.measures(setting).isEmpty {
        let name = atlas.settingName(setting)
        found.append(
          Place(label: name, link: HTML.link(atlas.path, [("setting", name)]), note: "data set in \(atlas.name)"))
      }
      return Array(found.prefix(Self.most))
    }
  }

  private func group(_ atlas: PageAtlas) -> Group? {
    let entries = found(in: atlas)
    guard !entries.isEmpty else { return nil }
    return Group(
      name: atlas.name, link: atlas.path,
      entries: entries.map { entry in
        let text = entry.canonicalText
        let link = HTML.link("\(atlas.path)/architecture", [("a", text)])
        return Found(architecture: ArchitectureNames(atlas, space: entry.space).entry(text, link: link))
      })
  }

  /// Architectures that the text names, or whose ids begin with it. A bare number is a number of a published table.
  private func found(in atlas: PageAtlas) -> [ArchitectureEntry] {
    let benchmark = atlas.benchmark
    var entries: [ArchitectureEntry] = []
    func add(_ entry: ArchitectureEntry?) {
      guard let entry, !entries.contains(where: { $0.row == entry.row }) else { return }
      entries.append(entry)
    }
    for space in benchmark.atlas.spaces.map(\.name) {
      var spellings = [asked]
      if asked.allSatisfy(\.isNumber), let index = try? benchmark.spaces.space(space).publishedIndex {
        spellings.append("\(index):\(asked)")
      }
      for spelling in spellings { add(try? benchmark.architecture(spelling, space: space, nearest: 0)) }
    }
    if (3..<32).contains(asked.utf8.count), asked.allSatisfy(\.isHexDigit), asked.utf8.count == asked.count {
      let found = try? benchmark.atlas.architectures(idPrefix: asked.lowercased(), limit: Self.most)
      for entry in found ?? [] { add(entry) }
    }
    return Array(entries.prefix(Self.most))
  }

  /// What an atlas reads, by the example of its first architecture.
  private func hint(_ atlas: PageAtlas) -> String? {
    guard let entry = try? atlas.benchmark.atlas.architecture(row: 1) else { return nil }
    let short = ArchitectureNames(atlas, space: entry.space).short(entry.canonicalText)
    return "\(atlas.name): \(short), \("\(entry.id)".prefix(8))"
  }
}
