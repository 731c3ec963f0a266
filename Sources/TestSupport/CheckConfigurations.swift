import Records
public import Spaces

/// The violations of a space that has choices: each sample has a configuration of active choices alone, which gives the
/// sample back; each drawn configuration is an architecture, or is refused where the choices say that it may be; and
/// configuration → architecture → configuration is idempotent. Damaged configurations are refused with a
/// ``ConfigurationError``. Empty for a space without choices.
public func configurationViolations(
  _ space: some TextualSpace, samples: [String], draws: Int, seed: UInt64
) -> [String] {
  guard let choices = space.choices else { return [] }
  var generator = SeededGenerator(seed: seed).stream("configurations")
  var check = ConfigurationCheck(space: space, choices: choices)
  check.structure()
  for sample in samples { check.roundTrip(sample) }
  var accepted = 0
  for _ in 0..<draws where check.drawn(choices.draw(using: &generator)) { accepted += 1 }
  if accepted == 0 && draws > 0 { check.violations.append("no drawn configuration is an architecture") }
  for sample in samples.prefix(20) { check.damage(sample) }
  return check.violations
}

private struct ConfigurationCheck<S: TextualSpace> {
  let space: S
  let choices: SpaceChoices
  var violations: [String] = []

  private mutating func report(_ problem: String, _ configuration: Configuration) {
    violations.append("\(problem): \(configuration)")
  }

  mutating func structure() {
    var names: Set<String> = []
    for choice in choices.choices {
      if let condition = choice.condition, !names.contains(condition.choice) {
        violations.append("the choice \(choice.name) comes before the one of its condition")
      }
      if !names.insert(choice.name).inserted { violations.append("two choices are named \(choice.name)") }
      if Set(choice.values).count != choice.values.count { violations.append("\(choice.name) has a value twice") }
    }
  }

  /// architecture → configuration → architecture.
  mutating func roundTrip(_ architecture: String) {
    guard let configuration = try? space.configuration(of: architecture) else {
      violations.append("no configuration spells \(architecture)")
      return
    }
    if (try? space.canonicalText(of: configuration)) != architecture {
      report("the configuration of \(architecture) is not read back", configuration)
    }
    for choice in choices.choices {
      let value = configuration[choice.name]
      let isActive = choice.condition.map { condition in
        configuration[condition.choice].map(condition.values.contains) ?? false
      }
      if (value != nil) != (isActive ?? true) {
        report("\(choice.name) is active without a value or inactive with one", configuration)
      }
      if let value, choice.value(equalTo: value) != value {
        report("\(choice.name) has a foreign value", configuration)
      }
    }
  }

  /// configuration → architecture → configuration; false where the configuration is no architecture.
  mutating func drawn(_ configuration: Configuration) -> Bool {
    let isForbidden = choices.forbidden.contains { $0.values.allSatisfy { configuration[$0.key] == $0.value } }
    do {
      let architecture = try space.canonicalText(of: configuration)
      if isForbidden { report("a forbidden configuration is accepted", configuration) }
      roundTrip(architecture)
      if choices.isOneToOne, (try? space.configuration(of: architecture)) != configuration {
        report("a configuration is not given back", configuration)
      }
      return true
    } catch let error as any SpaceError {
      if !isForbidden && choices.invalid == nil { report("refused, \(error.message)", configuration) }
    } catch {
      report("refused with \(error), which is not of spaces", configuration)
    }
    return false
  }

  /// Misspelled, missing, foreign and superfluous values.
  mutating func damage(_ architecture: String) {
    guard let whole = try? space.configuration(of: architecture) else { return }
    for choice in choices.choices {
      guard whole[choice.name] != nil else {
        var broken = whole
        broken[choice.name] = choice.range.map { .number($0.minimum) } ?? choice.values.first ?? .null
        refused("spaces.inactive_choice", broken)
        continue
      }
      var broken = whole
      broken[choice.name] = nil
      refused("spaces.missing_choice", broken)
      broken = whole
      broken[choice.name] = .array([])
      refused("spaces.choice_value", broken)
      broken = whole
      broken[choice.name + "_"] = whole[choice.name]
      refused("spaces.unknown_choice", broken)
    }
  }

  private mutating func refused(_ code: String, _ configuration: Configuration) {
    do {
      _ = try space.canonicalText(of: configuration)
      report("accepted, though \(code)", configuration)
    } catch let error as any SpaceError {
      if error.code != code { report("refused as \(error.code) instead of \(code)", configuration) }
    } catch {
      report("refused with \(error), which is not of spaces", configuration)
    }
  }
}
