using Coupon.Api;
using Coupon.Api.Coupons;
using Coupon.Api.Durability;
using Coupon.Api.Health;
using Coupon.Api.Http;
using Coupon.Api.Issuing;
using Coupon.Api.Messaging;
using Coupon.Api.Problems;
using Coupon.Api.Rehearsing;
using Coupon.Api.Stock;
using Coupon.Hosting;
using Microsoft.Extensions.Configuration.Json;

// Settings lie beside the program, wherever it is started from.
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Configuration.Sources.Insert(0, new JsonConfigurationSource { Path = "Coupon.Api.settings.json" });
builder.AddServiceHosting();
builder.AddHttp();
builder.AddTelemetry();
builder.AddHealth();
await builder.AddStockAsync();
builder.AddDurability();
builder.AddOutboxRemovals();
builder.AddMessaging();
builder.AddIssuing();
builder.AddCoupons();
builder.AddRehearsal();

var app = builder.Build();
app.UseProblems();
app.MapIssuances();
app.MapCoupons();
app.MapStock();
app.MapProblems();
app.MapHealth();
app.MapPrometheusScrapingEndpoint();
app.MapOpenApi();

// An orchestrator that grants 10 s kills nobody who keeps to this.
return await OrderlyStop.RunAsync(app, TimeSpan.FromSeconds(9));
