import HTTPTypes
import Hummingbird
import NIOCore
import Records
import WebPages

/// The description of the interface: for programs, and as a page.
struct DescriptionRoutes {
  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .get, path: "/v1/openapi.json", summary: "This description.", answer: Endpoint.json(Schema.record),
        handler: .plain { call in
          try Reply.json(OpenAPI.document(Interface.endpoints(call.settings)))
        }),
      Endpoint(
        method: .get, path: "/docs", summary: "This description as a page.",
        answer: ["text/html": .object(["type": "string"])],
        handler: .plain { call in
          var response = Reply.bytes(
            ByteBuffer(string: DocumentationPage(Interface.endpoints(call.settings)).html),
            type: "text/html; charset=utf-8")
          response.headers[.contentSecurityPolicy] = WebPages.contentSecurityPolicy
          return response
        }),
    ]
  }
}
