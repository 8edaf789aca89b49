using System.Text;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Reads;

namespace SandQueue.Gateway.Tests.RestV1.Reads;

public sealed class TaskPagesTests
{
    private static readonly byte[] Answer = Encoding.UTF8.GetBytes("""["b-1","a-1","B-2","ä-3","b-4"]""");

    [Theory]
    [InlineData(null, 2, "b-1 a-1 | B-2 ä-3 | b-4")]
    [InlineData("b-", 2, "b-1 B-2 | b-4")]
    [InlineData("b-", 3, "b-1 B-2 b-4")]
    [InlineData("Ä", 1, "ä-3")]
    [InlineData("nothing", 1, "")]
    public void Pages_have_what_is_searched_for_once_in_the_order_of_the_data(string? search, int limit, string expected)
    {
        var pages = new List<string>();
        string? cursor = null;
        do
        {
            var page = TaskPages.Read(Answer, search, cursor, limit);
            pages.Add(string.Join(' ', page.Tasks));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        string.Join(" | ", pages).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Yi05")]
    [InlineData("not base 64!")]
    [InlineData("_w")]
    public void A_cursor_of_another_list_is_refused(string cursor) => Should.Throw<BadRequestException>(() => TaskPages.Read(Answer, null, cursor, 2)).Message.ShouldContain("cursor");
}
