using System.Text.Json;

namespace SandQueue.Gateway.Ors.Answers;

/// <summary>Writes a block of text, of which the standard's prompts and results consist.</summary>
internal static class TextBlock
{
    /// <param name="writer">Where it is written.</param>
    /// <param name="text">The text.</param>
    /// <param name="role">Whose it is in a conversation; null where that is clear.</param>
    public static void Write(Utf8JsonWriter writer, string text, string? role)
    {
        writer.WriteStartObject();
        writer.WriteString("text", text);
        if (role is null)
        {
            writer.WriteNull("detail");
        }
        else
        {
            writer.WriteStartObject("detail");
            writer.WriteString("role", role);
            writer.WriteEndObject();
        }

        writer.WriteString("type", "text");
        writer.WriteEndObject();
    }
}
