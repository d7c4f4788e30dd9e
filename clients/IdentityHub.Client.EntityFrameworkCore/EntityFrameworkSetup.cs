using IdentityHub.Client.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IdentityHub.Client.EntityFrameworkCore;

/// <summary>Keeps an application's sessions in its database, so that all its nodes share them.</summary>
public static class EntityFrameworkSetup
{
    /// <summary>
    /// Makes the database behind <typeparamref name="TContext"/> the <see cref="ISessionStore"/> of
    /// <see cref="IdentityHubSetup.AddIdentityHub"/>, before or after it. The context is taken from a scope of its own for
    /// each call, as <c>AddDbContext</c> registers it; its model must have <see cref="SessionsModel.AddIdentityHubSessions"/>.
    /// A database that cannot answer fails the request: nobody is taken for signed in or signed out by mistake.
    /// </summary>
    /// <typeparam name="TContext">The context that holds the tables.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddIdentityHubSessions<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.Replace(ServiceDescriptor.Singleton<ISessionStore, EntityFrameworkSessionStore<TContext>>());
    }
}
