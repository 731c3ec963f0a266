import Records

/// What all charts of an atlas share: a title, a size, and data inside.
enum ChartFrame {
  static func chart(
    _ title: String, _ subtitle: [String], rows: [Specification], layers: [Specification], height: Int = 280
  ) -> Specification {
    [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "title": [
        "text": Specification(title), "subtitle": Specification(subtitle.map { Specification($0) }), "anchor": "start",
      ],
      "width": 480, "height": Specification(height), "background": "white", "data": ["values": Specification(rows)],
      "layer": Specification(layers),
      "config": [
        "axis": ["labelFontSize": 12, "titleFontSize": 12], "legend": ["labelFontSize": 12, "labelLimit": 220],
      ],
    ]
  }

  /// A quantitative axis that need not begin at 0.
  static func number(_ field: String, _ title: String, zero: Bool = false, log: Bool = false) -> Specification {
    [
      "field": Specification(field), "type": "quantitative", "title": Specification(title),
      "scale": log
        ? ["type": "log", "nice": false, "padding": 8] : ["zero": Specification(.bool(zero)), "nice": true],
      "axis": ["format": "~s", "labelOverlap": true],
    ]
  }

  /// As ``number(_:_:zero:log:)`` with numbers written as they are.
  static func value(_ field: String, _ title: String, domain: [Double]? = nil) -> Specification {
    [
      "field": Specification(field), "type": "quantitative", "title": Specification(title),
      "scale": domain.map { ["domain": Specification($0.map { Specification($0) }), "nice": false] }
        ?? ["zero": false, "nice": true],
    ]
  }

  /// A metric with its unit, as axes name it.
  static func title(_ name: String, _ unit: String?) -> String { ReadableName.text(name, unit: unit) }

  /// An axis of whole numbers: no tick stands between two of them.
  static func count(_ field: String, _ title: String) -> Specification {
    [
      "field": Specification(field), "type": "quantitative", "title": Specification(title),
      "axis": ["format": "d", "tickMinStep": 1],
    ]
  }
}
