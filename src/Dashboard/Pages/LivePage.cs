using Microsoft.AspNetCore.Components;
using MudBlazor;
using SandQueue.Dashboard.Calls;

namespace SandQueue.Dashboard.Pages;

/// <summary>A page that loads from the gateway, again and again where it says so, and says in one line what went wrong.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();

    /// <summary>What went wrong with the last load; null where it went well.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Whether there is something to show.</summary>
    protected bool IsLoaded { get; private set; }

    /// <summary>Whether something is under way that was asked for.</summary>
    protected bool IsBusy { get; private set; }

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Closed => _closed.Token;

    /// <summary>The pause between two loads; null to load once.</summary>
    protected virtual TimeSpan? Every => null;

    [Inject] internal GatewayClient Gateway { get; set; } = null!;

    [Inject] internal TimeProvider Clock { get; set; } = null!;

    [Inject] internal ISnackbar Snackbar { get; set; } = null!;

    [Inject] internal NavigationManager Navigation { get; set; } = null!;

    /// <summary>The time now.</summary>
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Loads what the page shows.</summary>
    protected abstract Task LoadAsync();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await ReloadAsync();
        if (Every is { } pause) _ = RepeatAsync(pause);
    }

    /// <summary>Loads once more.</summary>
    protected async Task ReloadAsync()
    {
        try
        {
            await LoadAsync();
            (Problem, IsLoaded) = (null, true);
        }
        catch (CallFailedException exception) when (exception.Status == 401)
        {
            Navigation.NavigateTo("/ui/sign-in", forceLoad: true);
        }
        catch (CallFailedException exception)
        {
            Problem = exception.Message;
        }
        catch (OperationCanceledException)
        {
            if (!_closed.IsCancellationRequested) Problem = "the gateway did not answer in time";
        }
    }

    /// <summary>Does what was asked for, and says how it went.</summary>
    /// <param name="done">What to say where it went well; null for nothing.</param>
    /// <param name="action">What to do.</param>
    /// <returns>Whether it went well.</returns>
    protected async Task<bool> DoAsync(string? done, Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        IsBusy = true;
        StateHasChanged();
        try
        {
            await action();
            if (done is not null) Snackbar.Add(done, Severity.Success);
            return true;
        }
        catch (CallFailedException exception)
        {
            // Text of a snackbar that is a string is shown as text.
            Snackbar.Add(exception.Message, Severity.Error);
            return false;
        }
        catch (OperationCanceledException)
        {
            Snackbar.Add("the gateway did not answer in time", Severity.Error);
            return false;
        }
        finally
        {
            IsBusy = false;
        }
    }

    private async Task RepeatAsync(TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(Closed))
            {
                await InvokeAsync(async () =>
                {
                    await ReloadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }
}
