using System.Text.Json;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Protocols.Descriptions;

/// <summary>What is said of an environment whose server says nothing of itself: from its protocol and its settings.</summary>
/// <param name="Name">The <c>env_type</c>.</param>
/// <param name="DataSource">In words, for people: which data it serves, and from where.</param>
internal sealed record DeclaredEnvironment(string Name, string DataSource)
{
    public string Version { get; init; } = "";

    public string ScorerVersion { get; init; } = "";

    public string PromptVersion { get; init; } = "";

    public string DataHash { get; init; } = "";

    /// <summary>Whether more tasks can be created than the splits have.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>Tasks by split.</summary>
    public Dictionary<string, int> Splits { get; } = new(StringComparer.Ordinal);

    /// <returns>The same object that our own servers answer for <c>GET /environments</c>.</returns>
    public ReadOnlyMemory<byte> Describe(EnvironmentOptions options) => AnswerJson.Write(512, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("env_type", Name);
        writer.WriteString("environment_version", Version);
        writer.WriteString("scorer_version", ScorerVersion);
        writer.WriteString("prompt_version", PromptVersion);
        writer.WriteString("data_hash", DataHash);
        writer.WriteString("data_source", DataSource);
        writer.WriteString("replayable", options.Replayable);
        writer.WriteBoolean("evaluate_changes_state", false);
        writer.WriteString("canonical_form", options.CanonicalForm);
        writer.WriteBoolean("unlimited", IsUnlimited);
        writer.WriteStartObject("splits");
        foreach (var (split, tasks) in Splits) writer.WriteNumber(split, tasks);
        writer.WriteEndObject();
        writer.WriteNumber("tasks", Splits.Values.Sum());
        writer.WriteStartArray("problems");
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>What every episode and every evaluation carries of it.</summary>
    public void WriteProvenance(Utf8JsonWriter writer, EnvironmentOptions options, long? seed)
    {
        writer.WriteStartObject("provenance");
        writer.WriteString("environment", Name);
        writer.WriteString("environment_version", Version);
        writer.WriteString("data_hash", DataHash);
        writer.WriteString("scorer_version", ScorerVersion);
        writer.WriteString("prompt_version", PromptVersion);
        writer.WriteString("canonical_form", options.CanonicalForm);
        if (seed is { } number) writer.WriteNumber("seed", number);
        else writer.WriteNull("seed");
        writer.WriteEndObject();
    }
}
