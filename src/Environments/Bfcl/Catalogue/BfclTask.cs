using System.Text.Json;

namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>
/// A task as its files have it. The lines stay as bytes and are parsed when an instance needs them: thousands of
/// parsed tasks would cost several times the size of the files.
/// </summary>
/// <param name="Question">Its line in the question file.</param>
/// <param name="Answer">Its line in the file of possible answers; empty where the category has none.</param>
internal sealed record BfclTask(string Id, BfclCategory Category, ReadOnlyMemory<byte> Question, ReadOnlyMemory<byte> Answer)
{
    public JsonDocument ParseQuestion() => JsonDocument.Parse(Question);

    public JsonDocument ParseAnswer() => JsonDocument.Parse(Answer);
}
