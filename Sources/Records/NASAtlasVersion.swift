/// The version of the project, as it stands in the change log, records and `nasatlas --version`.
public let nasAtlasVersion = "0.1.0"
