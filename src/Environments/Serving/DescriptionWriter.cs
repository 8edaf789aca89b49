using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Serving;

/// <summary>Writes what <c>GET /environments</c> answers: one object per environment, with its splits and their sizes.</summary>
internal static class DescriptionWriter
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<IEnvironment> environments)
    {
        writer.WriteStartArray();
        foreach (var environment in environments) Write(writer, environment);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, IEnvironment environment)
    {
        var description = environment.Description;
        writer.WriteStartObject();
        writer.WriteString("env_type", description.Name);
        writer.WriteString("environment_version", description.Version);
        writer.WriteString("scorer_version", description.ScorerVersion);
        writer.WriteString("prompt_version", description.PromptVersion);
        writer.WriteString("data_hash", description.DataHash);
        writer.WriteText("data_source", description.DataSource);
        writer.WriteString("replayable", Name(description.Replayable));
        writer.WriteBoolean("evaluate_changes_state", description.EvaluateChangesState);
        writer.WriteBoolean("unlimited", description.Unlimited);
        writer.WriteStartObject("splits");
        foreach (var split in environment.Splits) writer.WriteNumber(split, environment.ListTasks(split).Count);
        writer.WriteEndObject();
        writer.WriteNumber("tasks", environment.Splits.SelectMany(environment.ListTasks).Distinct(StringComparer.Ordinal).Count());
        writer.WriteStartArray("problems");
        foreach (var problem in description.Problems) writer.WriteStringValue(problem);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Name(Replayable replayable) => replayable switch
    {
        Replayable.Yes => "yes",
        Replayable.No => "no",
        _ => "unknown",
    };
}
