import Records

/// What the authors draw, as choices: a stem, the time encoding, an encoder and a decoder that are on or off, with a depth
/// and the choices of each layer, and a head. Uniform choices are the authors' draw.
enum EventSequenceChoices {
  /// For data with numeric features, `stem_kernel` is a kernel; for other data, there is no choice of a stem; where the
  /// data is unknown, `stem_kernel` may be `none`.
  static func choices(hasNumericFeatures: Bool?) -> SpaceChoices {
    switch hasNumericFeatures {
    case true?: withNumericFeatures
    case false?: withoutNumericFeatures
    case nil: anyData
    }
  }

  private static let withNumericFeatures = make(stem: stem(mayBeNone: false), spelling: "{stem_kernel}")
  private static let withoutNumericFeatures = make(stem: [], spelling: "none")
  private static let anyData = make(
    stem: stem(mayBeNone: true), spelling: "{stem_kernel}",
    remark:
      "stem_kernel must be none for data without numeric features, and a kernel for all other data. Fix it to suit the "
      + "data set of the question wants.")

  private static func make(stem: [SpaceChoices.Choice], spelling: String, remark: String? = nil) -> SpaceChoices {
    let head = [
      SpaceChoices.Choice("pooling", poolings.map { .string($0) }), ending("spatial_dropout", "+spatial"),
    ]
    return SpaceChoices(
      stem + [SpaceChoices.Choice("time_encoding", switched)] + encoder + decoder + head,
      template: "stem:\(spelling)/time:{time_encoding}/encoder:{encoder}/decoder:{decoder}"
        + "/head:{pooling}{spatial_dropout}",
      operations: ["attention": uses(.attention), "gru": uses(.gru), "conv": uses(.convolution)], remark: remark)
  }

  /// By encoder layer, the subsets with `operation`. Layers of the decoder are attention alone: who wants none closes
  /// `decoder`.
  private static func uses(_ operation: EventSequenceArchitecture.Operation) -> [String: [JSONValue]] {
    let sets = EventSequenceArchitecture.OperationSet.allCases.filter { $0.contains(operation) }
    let layers = 1...(EventSequenceArchitecture.encoderDepths.max() ?? 1)
    return Dictionary(
      uniqueKeysWithValues: layers.map { ("encoder_\($0)_operations", sets.map { .string($0.spelling) }) })
  }

  private static let switched: [JSONValue] = [.string("off"), .string("on")]
  private static let heads = EventSequenceArchitecture.headCounts.map { JSONValue.integer(Int64($0)) }
  private static let poolings = EventSequenceArchitecture.Pooling.allCases.map {
    EventSequenceArchitecture.Head(spatialDropout: false, pooling: $0).spelling
  }

  /// Something that stands at the end of a part or does not.
  private static func ending(
    _ name: String, _ word: String, when condition: SpaceChoices.Choice.Condition? = nil
  ) -> SpaceChoices.Choice {
    SpaceChoices.Choice(name, switched, when: condition, words: [switched[0]: "", switched[1]: word])
  }

  /// A kernel, or `none` where the data decides it.
  private static func stem(mayBeNone: Bool) -> [SpaceChoices.Choice] {
    let kernels = EventSequenceArchitecture.StemKernel.allCases.map {
      EventSequenceArchitecture.Stem(kernel: $0, dropout: false).spelling
    }
    let kernel = SpaceChoices.Choice(
      "stem_kernel", ((mayBeNone ? ["none"] : []) + kernels).map { .string($0) },
      words: Dictionary(uniqueKeysWithValues: kernels.map { (.string($0), "\($0){stem_dropout}") }))
    return [kernel, ending("stem_dropout", "+dropout", when: kernel.isOne(of: kernels.map { .string($0) }))]
  }

  /// A part that is on or off, its depth, and the choices of its layers, the first of which stands for the layer.
  private static func stack(
    _ name: String, depths: [Int], layer: (Int, SpaceChoices.Choice.Condition) -> [SpaceChoices.Choice]
  ) -> [SpaceChoices.Choice] {
    let depths = depths.filter { $0 > 0 }
    let isOn = SpaceChoices.Choice(name, switched, words: [switched[1]: "{\(name)_depth}"])
    func counts(_ least: Int) -> [JSONValue] { depths.filter { $0 >= least }.map { .integer(Int64($0)) } }
    let shape = SpaceChoices.Choice(name + "_depth", counts(1), isOrdered: true, when: isOn.isOne(of: [switched[1]]))
    let layers = (1...(depths.max() ?? 1)).map { number in layer(number, shape.isOne(of: counts(number))) }
    let words = depths.map { depth in
      (JSONValue.integer(Int64(depth)), layers.prefix(depth).map { "{\($0[0].name)}" }.joined(separator: ","))
    }
    let depth = SpaceChoices.Choice(
      shape.name, shape.values, isOrdered: true, when: shape.condition, words: Dictionary(uniqueKeysWithValues: words))
    return [isOn, depth] + layers.joined()
  }

  private static var encoder: [SpaceChoices.Choice] {
    stack("encoder", depths: EventSequenceArchitecture.encoderDepths) { number, condition in
      let name = "encoder_\(number)_heads"
      let sets = EventSequenceArchitecture.OperationSet.allCases
      let operations = SpaceChoices.Choice(
        "encoder_\(number)_operations", sets.map { .string($0.spelling) }, when: condition,
        words: Dictionary(
          uniqueKeysWithValues: sets.filter { $0.contains(.attention) }.map {
            (.string($0.spelling), $0.spelling.replacing("att", with: "att{\(name)}"))
          }))
      let attending = operations.isOne(of: sets.filter { $0.contains(.attention) }.map { .string($0.spelling) })
      return [operations, SpaceChoices.Choice(name, heads, isOrdered: true, when: attending)]
    }
  }

  private static var decoder: [SpaceChoices.Choice] {
    stack("decoder", depths: EventSequenceArchitecture.decoderDepths) { number, condition in
      let (own, cross) = ("decoder_\(number)_self_heads", "decoder_\(number)_cross_heads")
      return [
        SpaceChoices.Choice(
          own, heads, isOrdered: true, when: condition,
          words: Dictionary(
            uniqueKeysWithValues: EventSequenceArchitecture.headCounts.map {
              (.integer(Int64($0)), "self\($0)+cross{\(cross)}")
            })), SpaceChoices.Choice(cross, heads, isOrdered: true, when: condition),
      ]
    }
  }
}
