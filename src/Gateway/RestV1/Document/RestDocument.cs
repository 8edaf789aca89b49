using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using SandQueue.Gateway.RestV1.Requests;
using Scalar.AspNetCore;

namespace SandQueue.Gateway.RestV1.Document;

/// <summary>The OpenAPI document of the routes under <c>/v1</c>, and a page to try them on. Both are there for everyone: nothing of a tenant is in them.</summary>
internal static class RestDocument
{
    private const string Name = "v1";
    private const string OwnContentOnly = "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:";

    public static void AddRestDocument(this IServiceCollection services)
    {
        // The document's schemas have the names and types that answers have.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(Name, document =>
        {
            // What most generators of clients read.
            document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            document.ShouldInclude = route => route.ActionDescriptor.EndpointMetadata.OfType<RestOperation>().Any();
            document.AddDocumentTransformer((description, _, _) => DocumentDescription.DescribeAsync(description));
            document.AddOperationTransformer(OperationDescription.DescribeAsync);
            document.AddSchemaTransformer(IntervalForm.DescribeAsync);
        });
    }

    public static void MapRestDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

        // Everything the page needs comes from here: a farm may have no way out, and nobody else learns who reads it.
        routes.MapScalarApiReference("/docs", page => page
            .WithTitle("SandQueue REST v1")
            .AddDocument(Name)
            .AddHeadContent($"<meta http-equiv=\"Content-Security-Policy\" content=\"{OwnContentOnly}\">")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools()).AllowAnonymous();
    }
}
