using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.WebShop;

/// <summary>How a page becomes an observation.</summary>
internal enum ObservationMode
{
    Text,
    TextRich,
    Url,
}

/// <summary>Reads <c>params.observation_mode</c>.</summary>
internal static class ObservationModes
{
    public static ObservationMode Read(EpisodeParameters parameters) => parameters.Text("observation_mode") switch
    {
        null or "text" => ObservationMode.Text,
        "text_rich" => ObservationMode.TextRich,
        "url" => ObservationMode.Url,
        var other => throw new InvalidRequestException($"params.observation_mode is \"{other}\"; webshop has text, text_rich and url"),
    };
}
