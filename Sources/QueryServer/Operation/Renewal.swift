import Logging

/// What was read anew, and what became of it.
public struct Renewal: Sendable, Encodable {
  /// What became of the file of tokens.
  struct Tokens: Sendable, Encodable {
    /// Nil where the file could not be read and the old tokens remain.
    let count: Int?
    let failure: String?
    let warning: String?
  }

  let renewals: [AtlasShelf.Renewal]
  let tokens: Tokens

  init(_ shelf: AtlasShelf, _ tokens: BearerTokens) {
    renewals = shelf.renew()
    do {
      let count = try tokens.renew()
      self.tokens = Tokens(count: count, failure: nil, warning: tokens.warning)
    } catch {
      self.tokens = Tokens(
        count: nil, failure: (error as? ServerError)?.message ?? "\(error)", warning: tokens.warning)
    }
  }

  func log(to logger: Logger) {
    for renewal in renewals {
      if let failure = renewal.failure {
        logger.error("the old atlas remains", metadata: ["atlas": "\(renewal.name)", "failure": "\(failure)"])
      } else {
        logger.info(
          renewal.isNew ? "a new atlas is served" : "the atlas has not changed", metadata: ["atlas": "\(renewal.name)"])
      }
    }
    if let warning = tokens.warning { logger.warning("\(warning)") }
    if let failure = tokens.failure { logger.error("the old tokens remain", metadata: ["failure": "\(failure)"]) }
  }
}
