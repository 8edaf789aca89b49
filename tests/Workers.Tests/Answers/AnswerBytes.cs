using System.Text;
using System.Text.Json;

namespace SandQueue.Workers.Tests.Answers;

internal static class AnswerBytes
{
    public static ReadOnlyMemory<byte> Utf8(string json) => Encoding.UTF8.GetBytes(json);

    public static string Text(byte[] answer) => Encoding.UTF8.GetString(answer);

    public static JsonElement Json(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }

    /// <summary>Answers that no environment may give, whatever it was asked.</summary>
    public static TheoryData<string> Foreign(params string[] more) =>
        [.. (string[])["", "{", "null", "[]", "3", "\"text\"", "{}", "\"\\ud800\"", """{"state":null,"reward":0}""", .. more]];
}
