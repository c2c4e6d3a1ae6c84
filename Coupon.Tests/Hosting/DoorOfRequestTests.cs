using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http;

namespace Coupon.Tests.Hosting;

[NeedsNothing]
public sealed class DoorOfRequestTests
{
    [Theory]
    [InlineData(5081, true)]
    [InlineData(5080, false)]
    public void It_is_the_operators_one_by_the_port_whatever_the_request_says(int port, bool isOperators)
    {
        var door = new DoorOfRequest(new OperatorOptions { Key = "a key that is long enough", Url = "http://127.0.0.1:5081" });
        var context = At(port);
        context.Request.Host = new HostString("127.0.0.1", 5081);

        Assert.Equal(isOperators, door.IsOperators(context));
    }

    [Fact]
    public void A_connection_without_a_port_is_at_the_public_one_where_no_operators_door_is_open() =>
        Assert.False(new DoorOfRequest(new OperatorOptions()).IsOperators(At(0)));

    private static DefaultHttpContext At(int port)
    {
        var context = new DefaultHttpContext();
        context.Connection.LocalPort = port;
        return context;
    }
}
