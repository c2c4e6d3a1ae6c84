using Coupon.Api.Coupons;
using Coupon.Api.Document;
using Coupon.Api.Durability;
using Coupon.Api.Events;
using Coupon.Api.Health;
using Coupon.Api.Http;
using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Finding;
using Coupon.Api.Issuing.Remembering;
using Coupon.Api.Issuing.Sending;
using Coupon.Api.Limits;
using Coupon.Api.Users;
using Coupon.Api.WarmingUp;
using Coupon.Database;
using Coupon.Hosting;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.Hosting.Health;
using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;
using Coupon.Hosting.Stopping;
using Coupon.Hosting.Telemetry;
using Coupon.Stock;
using Coupon.Stock.Registration;
using Microsoft.Extensions.Configuration.Json;

// The settings lie beside the program, whatever the current folder is.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var (services, configuration) = (builder.Services, builder.Configuration);
configuration.Sources.Insert(0, new JsonConfigurationSource { Path = "Coupon.Api.settings.json" });

builder.AddServiceHosting();
builder.AddServiceTelemetry(
    new ServiceSignals
    {
        Name = "coupon-api",
        FewLabels = [IssuingMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel"],
        OfLibraries = [StockMetrics.MeterName],
        Traces = [IssuingTraces.SourceName],
    }
);
builder.AddHttp();
builder.AddLimits();
builder.AddUsers();
builder.AddOperatorsDoor(defaultPort: 8081);
services.AddApiDocuments();
services.AddHealth();
services.AddSingleton(await RedisClient.ConnectAsync(configuration));
services.AddCouponConnections(configuration.GetRequiredConnectionString("MySql"));
services.AddStockFence(configuration, IssueScript.Source, WaitingScript.Source);
services.AddDurability();
services.AddSending(configuration);
services.AddRemembering();
services.AddDeciding();
services.AddFinding();
services.AddCoupons();
services.AddEvents();
services.AddWarmUp();

var app = builder.Build();
app.UseDrain();
app.UseTrustedProxies();
app.UseHead();
app.UseOperatorHeaders();
app.UseProblems();
app.UseEdgeWithOrigins();
app.UseDoors();
app.UseRateLimiter();

var door = app.MapPublicDoor();
door.MapIndex();
door.MapPress();
door.MapStatus();
door.MapCoupon();
door.MapEvents();
door.MapOwnCoupons();
door.MapProblems();
door.MapHealth();
door.MapDocument();
if (app.Environment.IsDevelopment())
    door.MapDocumentPage();

var operators = app.MapOperatorsDoor();
operators.MapOperatorsIndex();
operators.MapCoupons();
operators.MapCoupon();
operators.MapStock();
operators.MapAnyStatus();
operators.MapProblems();
operators.MapHealthDetails();
operators.MapPrometheusScrapingEndpoint();
operators.MapDocument(ApiDocument.Operators);
operators.MapDocumentPage();

// With the 2 s of Stop:Drain within the 10 s that `docker stop` grants by default: https://docs.docker.com/reference/cli/docker/container/stop/
return await OrderlyStop.RunAsync(app, TimeSpan.FromSeconds(7));
