using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;

namespace SandQueue.Gateway.RestV1.Document;

/// <summary>What the document says of a route beyond the form of its answer: parameters, body, examples that work when they are sent in the order of the tutorial, problems.</summary>
internal static class OperationDescription
{
    /// <summary>Names in paths, with what they are and a value that works.</summary>
    private static readonly Dictionary<string, (string Meaning, string Example)> Names = new()
    {
        ["env_type"] = ("an environment", "frozenlake"),
        ["instance_id"] = ("the name of an instance", "tutorial"),
        ["command_id"] = ("the id of a command: its idempotency key, or the command_id of an answer", "tutorial-2"),
        ["rollout_id"] = ("the name of a rollout", "tutorial"),
        ["batch_id"] = ("the name of a batch", "tutorial"),
        ["other_id"] = ("the name of the batch it is compared with", "tutorial"),
        ["name"] = ("the name of a secret", "tutorial"),
        ["key_id"] = ("the id of an issued key", "0123456789abcdef"),
    };

    public static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var route = context.Description.ActionDescriptor.EndpointMetadata.OfType<RestOperation>().Single();
        operation.Parameters =
        [
            .. Names.Where(name => context.Description.RelativePath!.Contains($"{{{name.Key}}}", StringComparison.Ordinal)).Select(name => InPath(name.Key, name.Value)),
            .. route.Query.Select(InQuery),
        ];
        if (route.IsCommand) operation.Parameters.Add(Key());
        if (route.Body is { } body) operation.RequestBody = await BodyAsync(body, route, context, cancellationToken);
        var problem = await SchemaAsync(typeof(Problem), context, cancellationToken);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem; its code says which",
            Content = new Dictionary<string, OpenApiMediaType> { [ProblemForm.ContentType] = new() { Schema = problem } },
        };
    }

    private static OpenApiParameter InPath(string name, (string Meaning, string Example) known) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = known.Meaning,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = known.Example,
    };

    private static OpenApiParameter InQuery(QueryParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Meaning,
        Schema = new OpenApiSchema
        {
            Type = parameter.Type switch { "integer" => JsonSchemaType.Integer, "number" => JsonSchemaType.Number, _ => JsonSchemaType.String },
        },
        Example = parameter.Example,
    };

    private static OpenApiParameter Key() => new()
    {
        Name = IdempotencyKey.Header,
        In = ParameterLocation.Header,
        Description = $"an id of your own for this one command, at most {IdempotencyKey.Longest} characters",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static async Task<OpenApiRequestBody> BodyAsync(Type body, RestOperation route, OpenApiOperationTransformerContext context, CancellationToken cancellationToken) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [JsonAnswer.ContentType] = new() { Schema = await SchemaAsync(body, context, cancellationToken), Example = JsonNode.Parse(route.BodyExample!) },
        },
    };

    /// <summary>A form once in the document, by its name, so that generated clients have one type for it.</summary>
    private static async Task<IOpenApiSchema> SchemaAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, parameterDescription: null, cancellationToken);
        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }
}
