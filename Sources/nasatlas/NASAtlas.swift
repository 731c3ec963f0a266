import ArgumentParser
import Records

@main
struct NASAtlas: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nasatlas", abstract: "Train, record, verify and query architectures.", version: nasAtlasVersion)
}
