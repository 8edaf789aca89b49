using Microsoft.OpenApi;

namespace SandQueue.Gateway.RestV1.Document;

/// <summary>What the document says of all routes together.</summary>
internal static class DocumentDescription
{
    private const string Scheme = "key";

    private const string Text = """
        SandQueue serves training environments to LLM agents: make an instance of a task, step it with the agent's messages, evaluate it, release it.

        Commands (create, step, evaluate, release) take the header `Idempotency-Key`, an id of your own for this one command: sent again under it, a command takes no effect
        and gets its first answer. Every error is a problem with a `code` for programs and a `detail` for people. Ids of other tenants do not exist for you.
        """;

    public static Task DescribeAsync(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "SandQueue", Version = "v1", Description = Text };

        // A client has the address that it read the document from.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, where the gateway has keys." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
