import Foundation
import Records
import Spaces
import Testing

/// What filters may ask of an architecture, against counts by hand.
@Suite struct TraitTests {
  private let catalogue = SpaceCatalogue()

  private func number(_ space: String, _ text: String, _ trait: ArchitectureTrait) throws -> Double? {
    guard case .number(let number)? = try catalogue.space(space).value(of: trait, in: text) else { return nil }
    return number
  }

  @Test(
    arguments: [
      // The shortest way is a convolution; the longest has two, for the skip does not count.
      ("|nor_conv_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|none~0|none~1|skip_connect~2|", 2.0, 2.0, 2.0, 1.0),
      // Nothing reaches the output.
      ("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|none~0|none~1|none~2|", 0, 0, 3, 3),
      ("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|", 3, 1, 0, 5),
    ])
  func cellsOfNASBench201(text: String, depth: Double, skips: Double, none: Double, convolutions: Double) throws {
    #expect(try number("nasbench201", text, .depth) == depth)
    #expect(try number("nasbench201", text, .count(of: "skip_connect")) == skips)
    #expect(try number("nasbench201", text, .count(of: "none")) == none)
    #expect(try number("nasbench201", text, .count(of: "nor_conv_3x3")) == convolutions)
    #expect(try number("nasbench201", text, .count(of: "conv")) == nil)
    #expect(try number("nasbench201", text, .parameter("depth")) == nil)
  }

  /// Counts add up to the places of the cell, and no way is longer than the cell.
  @Test(arguments: [("nasbench201", 6, 3), ("spikenas", 6, 3), ("nas-bench-graph", 4, 4), ("nasbench101", nil, 5)])
  func countsAddUp(name: String, places: Int?, longest: Int) throws {
    let space = try catalogue.space(name)
    var generator = SeededGenerator(seed: 5)
    let counts = space.traits.filter { $0 != .depth }
    #expect(space.traits.contains(.depth) && counts.count >= 3)
    for _ in 0..<200 {
      let text = try space.sample(using: &generator)
      let sum = try counts.map { try #require(try number(name, text, $0)) }.reduce(0, +)
      if let places { #expect(sum == Double(places), "\(text)") } else { #expect(sum <= 5, "\(text)") }
      #expect((0...Double(longest)).contains(try #require(try number(name, text, .depth))), "\(text)")
    }
  }

  @Test func sizesAndSequences() throws {
    #expect(try number("nats-sss", "8:16:24:32:64", .parameter("channels_5")) == 64)
    #expect(try number("nats-sss", "8:16:24:32:64", .parameter("channels_6")) == nil)
    let drawn = "stem:k5+dropout/time:on/encoder:att4+gru,conv/decoder:self2+cross8/head:max+spatial"
    let layers = try #require(try number("seqnas", drawn, .parameter("encoder_layers")))
    let others = try #require(try number("seqnas", drawn, .parameter("decoder_layers")))
    #expect(layers == 2 && others == 1)
    #expect(try number("seqnas", drawn, .depth) == 3)
    for operation in ["att", "gru", "conv"] {
      #expect(try number("seqnas", drawn, .count(of: operation)) == 1, "\(operation)")
    }
    #expect(try number("seqnas", drawn, .count(of: "lstm")) == nil)
  }

  @Test func parametersOfAGrid() throws {
    var catalogue = SpaceCatalogue()
    try catalogue.define(
      CanonicalJSON.decode(
        SpaceDefinition.self,
        from: Data(
          #"""
          {"name":"little","kind":"grid","title":"Little","parameters":[{"name":"rate","kind":"ordinal","values":[0.001,0.1]},
          {"name":"act","kind":"categorical","values":["relu","tanh"]},{"name":"norm","kind":"categorical",
          "values":[true,false]}]}
          """#.utf8)))
    let space = try catalogue.space("little")
    #expect(space.traits == [.parameter("rate"), .parameter("act"), .parameter("norm")])
    let text = try space.canonicalText(of: "rate=0.1,act=tanh,norm=true")
    #expect(try space.value(of: .parameter("rate"), in: text) == .number(0.1))
    #expect(try space.value(of: .parameter("act"), in: text) == .text("tanh"))
    #expect(try space.value(of: .parameter("norm"), in: text) == .text("true"))
  }
}
