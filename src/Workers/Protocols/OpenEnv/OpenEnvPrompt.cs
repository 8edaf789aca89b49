using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>The first message where the settings give none: how an action is written, which is all that is known.</summary>
internal static class OpenEnvPrompt
{
    public static string Rules(OpenEnvOptions options) => options.Action switch
    {
        "tools" => "You act in an environment by calling tools. Every message of yours calls at least one; what it gives back is the answer.",
        "json" => "You act in an environment. Every message of yours is one action: a JSON object, as the environment describes it. What it answers is shown to you.",
        _ => "You act in an environment. Every message of yours is taken as one action, word for word, without what you thought. What the environment answers is shown to you.",
    };
}
