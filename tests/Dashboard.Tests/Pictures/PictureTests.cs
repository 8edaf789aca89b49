using Microsoft.Playwright;
using SandQueue.Dashboard.Tests.Browsers;
using SandQueue.Testing;

namespace SandQueue.Dashboard.Tests.Pictures;

/// <summary>
/// Takes the pictures of the documents, each of a page with something on it. Where <c>DASHBOARD_PICTURES</c> names a folder, relative to the checkout, they are of some minutes of play and stay there:
/// <c>docs/images</c>. With <c>DASHBOARD_PICTURES_OF=everything</c> it takes every page, wide and on a phone, light and dark.
/// </summary>
[Collection(Embedded.Name)]
public sealed class PictureTests(ChromiumFixture chromium)
{
    /// <summary>Takes a machine's name out of what is shown, and lets what is under way come to rest.</summary>
    private const string Prepare = """
        (machine) => {
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) if (walk.currentNode.data.includes(machine)) walk.currentNode.data = walk.currentNode.data.replaceAll(machine, 'node-1');
          document.activeElement?.blur();
        }
        """;

    [Fact]
    public async Task Every_picture_of_the_documents_can_be_taken()
    {
        var folder = Environment.GetEnvironmentVariable("DASHBOARD_PICTURES");
        var passing = folder is null ? Directory.CreateTempSubdirectory("sandqueue-pictures-") : null;
        folder = passing?.FullName ?? Path.Combine(Repository.Root, folder!);
        var ofEverything = Environment.GetEnvironmentVariable("DASHBOARD_PICTURES_OF") == "everything";
        await using var farm = await PlayedFarm.StartAsync();
        await farm.DrawnAsync(pieces: passing is not null ? 1 : ofEverything ? 8 : 20);
        foreach (var picture in ofEverything ? Picture.OfEverything : Picture.OfDocumentation) await TakeAsync(farm, picture, folder);
        await TakeReportAsync(farm, folder);
        Directory.GetFiles(folder, "*.png").ShouldAllBe(file => new FileInfo(file).Length > 10_000, "an empty page is a few kilobytes");
        passing?.Delete(recursive: true);
    }

    private async Task TakeAsync(PlayedFarm farm, Picture picture, string folder)
    {
        await using var browser = await chromium.OpenAsync(farm.Program.Address, picture.Width, picture.IsDark);
        await browser.Page.GotoAsync("/ui/sign-in?to=/ui");
        await browser.Page.GetByLabel("API key").FillAsync(PlayedFarm.Admin);
        await browser.ClickAsync(AriaRole.Button, "Sign in");
        await browser.SeeAsync("Overview");
        if (picture.Height > 0) await browser.Page.SetViewportSizeAsync(picture.Width, picture.Height);
        await browser.Page.GotoAsync(picture.Path);
        await browser.SeeTextAsync(picture.Ready);
        await Assertions.Expect(browser.Page.GetByText("Loading …")).ToHaveCountAsync(0);
        await browser.Page.EvaluateAsync(Prepare, Environment.MachineName);
        if (picture.Height == 0) await browser.Page.SetViewportSizeAsync(picture.Width, Math.Min(3000, await browser.Page.EvaluateAsync<int>("() => Math.max(800, document.documentElement.scrollHeight)")));
        await browser.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{picture.Name}.png"), Animations = ScreenshotAnimations.Disabled });
    }

    private async Task TakeReportAsync(PlayedFarm farm, string folder)
    {
        await using var browser = await chromium.OpenAsync(farm.Program.Address);
        await browser.Page.SetViewportSizeAsync(1280, 1210);
        await browser.Page.SetContentAsync((await farm.AsAdmin.GetAsync($"/v1/batches/{PlayedFarm.Batch}/report?format=html")).Body);
        await browser.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "report.png") });
    }
}
