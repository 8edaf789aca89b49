using Microsoft.AspNetCore.Components;

namespace SandQueue.Dashboard.Episodes;

/// <summary>One command of an episode: what was said, what it was worth, what it took.</summary>
public sealed partial class EntryView : ComponentBase
{
    /// <summary>Characters that are added at a time: as many as a browser lays out in no time.</summary>
    private const int Piece = 200_000;

    private EpisodeEntry? _more;
    private bool _isBusy;
    private int _longest;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired] public EpisodeEntry Entry { get; set; } = null!;

    /// <summary>Reads the entry with more of its texts.</summary>
    [Parameter] public Func<int, Task<EpisodeEntry>>? More { get; set; }

    /// <summary>Shows the step for a shell.</summary>
    [Parameter] public EventCallback OnCurl { get; set; }

    /// <summary>Forks behind the step.</summary>
    [Parameter] public EventCallback OnFork { get; set; }

    /// <summary>Whether the reader may fork.</summary>
    [Parameter] public bool CanFork { get; set; }

    private string Title => Entry.Kind switch
    {
        "create" => "Start",
        "evaluate" => "Evaluation",
        "release" => "Release",
        _ => $"Step {Entry.Step}",
    };

    private static string Side(string role) => role switch
    {
        "assistant" => "agent",
        "system" => "system",
        "tool" => "tool-result",
        _ => "user",
    };

    private async Task MoreAsync()
    {
        if (More is null) return;
        _isBusy = true;
        _longest += Piece;
        _more = await More(_longest);
        _isBusy = false;
    }
}
