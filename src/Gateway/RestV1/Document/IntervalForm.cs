using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Gateway.RestV1.Document;

/// <summary>An interval is written as <c>[low, high]</c> in reports, and the document says so.</summary>
internal static class IntervalForm
{
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type) == typeof(Interval) && schema.Properties is { Count: > 0 })
        {
            schema.Type = JsonSchemaType.Array;
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" };
            (schema.MinItems, schema.MaxItems) = (2, 2);
            (schema.Properties, schema.Required) = (null, null);
        }

        return Task.CompletedTask;
    }
}
