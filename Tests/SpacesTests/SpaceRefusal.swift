import Spaces

/// What a space says against `work`; nil where it says nothing.
func spaceRefusal(_ work: () throws -> Void) throws -> (any SpaceError)? {
  do {
    try work()
    return nil
  } catch let error as any SpaceError {
    return error
  }
}
