using System.Text.Json;

namespace SandQueue.Gateway.Tools;

/// <summary>Writes the tools that may be called, as protocols list them.</summary>
internal static class ToolsJson
{
    /// <summary>Writes the member <c>tools</c>.</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="writer">Where they are written.</param>
    /// <param name="schema">What the protocol calls the schema of what a tool takes.</param>
    public static void Write(this OfferedTools tools, Utf8JsonWriter writer, string schema)
    {
        writer.WriteStartArray("tools");
        foreach (var tool in tools.All)
        {
            writer.WriteStartObject();
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName(schema);
            tool.Parameters.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
