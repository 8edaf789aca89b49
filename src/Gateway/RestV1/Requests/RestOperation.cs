using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>What a route takes and gives back: the OpenAPI document shows it, and the route refuses what is not in it.</summary>
/// <param name="Id">The operation's name, which generated clients name their methods after.</param>
/// <param name="Summary">What it does, one line.</param>
/// <param name="Answer">The form of the answer where all went well.</param>
internal sealed record RestOperation(string Id, string Summary, Type Answer)
{
    /// <summary>The status of that answer.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>The media type of that answer.</summary>
    public string ContentType { get; init; } = JsonAnswer.ContentType;

    /// <summary>The parameters it takes in its query.</summary>
    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>The form of the body that it takes; null where it takes none.</summary>
    public Type? Body { get; init; }

    /// <summary>A body that works, as JSON.</summary>
    public string? BodyExample { get; init; }

    /// <summary>Whether it executes a command, which a key protects.</summary>
    public bool IsCommand { get; init; }
}
