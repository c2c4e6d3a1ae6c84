using System.ComponentModel.DataAnnotations;
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

    [Theory]
    [InlineData("http://*:5081")]
    [InlineData("http://+:5081")]
    [InlineData("http://[::]:5081/")]
    [InlineData("https://operators.example:5081")]
    public void The_door_may_be_at_every_address_of_a_container(string url)
    {
        var options = new OperatorOptions { Key = "a key that is long enough", Url = url };

        Assert.Empty(options.Validate(new ValidationContext(options)));
        Assert.True(new DoorOfRequest(options).IsOperators(At(5081)));
    }

    [Theory]
    [InlineData("5081")]
    [InlineData("127.0.0.1:5081")]
    [InlineData("ftp://127.0.0.1:5081")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:5081/door")]
    public void An_address_at_which_nothing_can_listen_is_refused(string url)
    {
        var options = new OperatorOptions { Key = "a key that is long enough", Url = url };

        Assert.Single(options.Validate(new ValidationContext(options)));
        Assert.Null(options.Address);
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
