using System.Text.Json;
using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>Reads what tests look at most in answers.</summary>
public static class EpisodeJson
{
    public static string Text(this JsonElement owner, string name) => owner.GetProperty(name).GetString()!;

    /// <summary>The name of a created instance.</summary>
    public static string InstanceId(this JsonElement created) => created.GetProperty("info").Text("instance_id");

    /// <summary>The number of a step.</summary>
    public static int StepNumber(this JsonElement step) => step.GetProperty("info").GetProperty("step").GetInt32();

    /// <summary>The content of a step's one message.</summary>
    public static string Observation(this JsonElement step) => step.GetProperty("state")[0].Text("content");
}
